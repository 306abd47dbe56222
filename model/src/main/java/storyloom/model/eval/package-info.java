/**
 * How well a model knows stories that people wrote, and what its own look like. Read {@link
 * storyloom.model.eval.Evaluation} first: the figures that a command prints; {@link
 * storyloom.model.eval.BundleScorer} computes those of some pairs by the network that training
 * uses.
 *
 * <p>Figures only: what distributes the work lives in pipeline.evaluate, what prints or draws it in
 * jobs.report.
 */
package storyloom.model.eval;
