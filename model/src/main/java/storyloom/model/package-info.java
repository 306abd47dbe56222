/**
 * What a story model is, without Spark: text, network, decoding, and how all that lies on disk.
 * Here stands only what every module needs to talk to people: {@link
 * storyloom.model.UserException}, a mistake that one line explains, {@link
 * storyloom.model.ExitStatus}, the one list of statuses, and {@link storyloom.model.OneLine}, what
 * is shown of a text that may be anything.
 *
 * <p>Start reading at {@link storyloom.model.text.TextCodec} for text, {@link
 * storyloom.model.nn.Seq2SeqGraph} for the network and {@link storyloom.model.bundle.Bundle} for
 * what is kept. Nothing below this package may use Spark.
 */
package storyloom.model;
