package storyloom.pipeline.train.checkpoint;

import storyloom.model.bundle.Provenance;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.Vocabulary;

/**
 * What a checkpoint says of a training besides its numbers.
 *
 * @param settings how text became ids
 * @param vocabulary the tokens that the model knows
 * @param provenance where it comes from, as far as that is known at the start
 */
public record CheckpointText(TextSettings settings, Vocabulary vocabulary, Provenance provenance) {}
