/**
 * Measures a model by pairs that people wrote, across the executors. {@link Evaluator} is the one
 * to read first: loss and accuracy of all pairs. What would take too long on all is measured on a
 * sample of {@link HeldOutPairs}: ranking prompts, writing stories, looking at attention.
 *
 * <p>The figures themselves are {@code model.eval}'s; what is done about them, in reports or at the
 * gate, belongs to {@code jobs}. The score after each epoch of a training is {@code train}'s.
 */
package storyloom.pipeline.evaluate;
