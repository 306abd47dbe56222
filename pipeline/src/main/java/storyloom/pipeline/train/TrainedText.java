package storyloom.pipeline.train;

import storyloom.model.bundle.Provenance;
import storyloom.model.text.TextSettings;
import storyloom.model.text.Vocabulary;

/**
 * What a checkpoint says of a training besides its numbers.
 *
 * @param settings how text became ids
 * @param vocabulary the tokens that the model knows
 * @param provenance where it comes from, as far as that is known at the start
 */
public record TrainedText(TextSettings settings, Vocabulary vocabulary, Provenance provenance) {}
