/**
 * Whether a new model becomes the current one: both are measured on the same held-out pairs, the
 * figures are held against the bounds below {@code gate}, and the registry is changed accordingly.
 * How a model is measured is {@code storyloom.pipeline.evaluate}'s business.
 *
 * <p>Read first: {@link storyloom.jobs.gate.Promotion}.
 */
package storyloom.jobs.gate;
