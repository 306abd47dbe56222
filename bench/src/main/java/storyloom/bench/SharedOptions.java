package storyloom.bench;

import java.util.List;
import picocli.CommandLine.Option;
import storyloom.model.UserException;
import storyloom.model.nn.config.AttentionKind;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.TransformerConfig;
import storyloom.model.nn.kernel.NativeThreads;

/** Options that several benchmarks have. */
final class SharedOptions {

  private SharedOptions() {}

  /** How large an untrained model is, and what it is made of. */
  static final class ModelSize {

    private static final int LARGEST = 256;
    private static final int FEWEST = 200;

    @Option(
        names = "--vocabulary",
        defaultValue = "20000",
        description = "V. Default: ${DEFAULT-VALUE}")
    private int vocabulary;

    @Option(
        names = "--embedding",
        defaultValue = "256",
        description = "E. Default: ${DEFAULT-VALUE}")
    private int embedding;

    @Option(names = "--hidden", defaultValue = "256", description = "H. Default: ${DEFAULT-VALUE}")
    private int hidden;

    @Option(
        names = "--attention",
        defaultValue = "dot",
        description = "none, dot, general or additive. Default: ${DEFAULT-VALUE}")
    private AttentionKind attention;

    @Option(
        names = "--adaptive",
        split = ",",
        description = "Cut-offs of an adaptive softmax, such as 2000,8000. Default: full softmax")
    private List<Integer> adaptive = List.of();

    @Option(
        names = "--layers",
        defaultValue = "1",
        description = "LSTMs or blocks on top of each other. Default: ${DEFAULT-VALUE}")
    private int layers;

    @Option(
        names = "--transformer",
        description = "A Transformer in place of LSTMs, as wide as --hidden and --embedding.")
    private boolean transformer;

    @Option(
        names = "--heads",
        defaultValue = "4",
        description = "Of each attention of a Transformer. Default: ${DEFAULT-VALUE}")
    private int heads;

    @Option(
        names = "--feed-forward",
        defaultValue = "1024",
        description = "Width of a Transformer's feed-forward networks. Default: ${DEFAULT-VALUE}")
    private int feedForward;

    /** V. */
    int vocabulary() {
      return vocabulary;
    }

    /** Whether it is a model of one LSTM each with dot attention. */
    boolean isClassic() {
      return !transformer && layers == 1 && attention == AttentionKind.DOT;
    }

    /** Cut-offs of an adaptive softmax; none for a full one. */
    List<Integer> adaptive() {
      return adaptive;
    }

    /** The model without any other option. */
    Seq2SeqConfig config() {
      return config(false, false, 0);
    }

    /** The model with some of the options. */
    Seq2SeqConfig config(boolean tied, boolean copy, double dropout) {
      return new Seq2SeqConfig(
          vocabulary,
          embedding,
          hidden,
          layers,
          false,
          attention,
          tied,
          adaptive,
          copy,
          List.of(),
          dropout,
          false,
          0,
          0,
          transformer ? new TransformerConfig(heads, feedForward) : null);
    }

    /**
     * The classic model, without dropout, whose number of parameters comes nearest to a wanted one.
     * With E = H = h and a full softmax it has V·(4h + 1) + 8h·(2h + 1): two embeddings and the
     * output layer, two LSTMs. h is 256, or the half of it, and so on, until the vocabulary is at
     * least 4h; V makes up the number.
     *
     * @throws UserException of usage if there is none that is worth the name
     */
    static Seq2SeqConfig nearest(long parameters) {
      if (parameters < FEWEST) {
        throw UserException.usage(
            "--parameters must be at least %d, not %d".formatted(FEWEST, parameters));
      }
      int size = LARGEST;
      while (vocabulary(parameters, size) < 4L * size) {
        size /= 2;
      }
      long vocabulary = vocabulary(parameters, size);
      if (vocabulary > Integer.MAX_VALUE) {
        throw UserException.usage("--parameters is too large: " + parameters);
      }
      return new Seq2SeqConfig((int) vocabulary, size, size, 0);
    }

    /** The number of parameters of a model that {@link #nearest} gives. */
    static long parameters(Seq2SeqConfig model) {
      return lstms(model.hidden()) + (4L * model.hidden() + 1) * model.vocabulary();
    }

    private static long vocabulary(long parameters, int size) {
      return Math.round((parameters - lstms(size)) / (4.0 * size + 1));
    }

    private static long lstms(long size) {
      return 8 * size * (2 * size + 1);
    }
  }

  /** What this process computes with. */
  static final class Compute {

    @Option(names = "--threads", defaultValue = "2", description = "Default: ${DEFAULT-VALUE}")
    private int threads;

    @Option(names = "--scalar", description = "Plain loops, as where the vector module is missing.")
    private boolean scalar;

    /** Sets it for this thread; to be called before anything is computed. */
    void apply() {
      if (scalar) {
        System.setProperty("storyloom.kernel", "loops");
      }
      NativeThreads.set(threads);
    }

    /** Threads that compute. */
    int threads() {
      return threads;
    }
  }
}
