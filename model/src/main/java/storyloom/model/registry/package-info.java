/**
 * The models below home: which there are, what was decided of each, which is the current one, who
 * may write and what may go. Start reading at {@link storyloom.model.registry.Registry}.
 *
 * <p>Whatever changes home holds the {@link storyloom.model.registry.HomeLock}; readers need none,
 * since what they read is replaced whole ({@link storyloom.model.files}). No class here opens a
 * bundle, and none decides whether a model is good enough: that is the gate of the jobs.
 */
package storyloom.model.registry;
