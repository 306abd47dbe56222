package storyloom.model.decode.network;

import java.util.List;
import storyloom.model.nn.attention.KeyValueBlock;
import storyloom.model.nn.layer.CopyWords;

/**
 * What all steps of a Transformer's story look at: the keys and values that each layer of the
 * decoder makes of the prompt after the encoder.
 *
 * @param words of it that a story may copy
 * @param tokens S
 * @param blocks where the keys and values are
 */
record RememberedPrompt(CopyWords words, int tokens, List<KeyValueBlock> blocks) {}
