/**
 * Stories on demand: the model that is served, the queue of pending stories and the one thread that
 * writes all of them in a batch that they join and leave between two steps. Nothing of HTTP is
 * here, and no class of {@link storyloom.serve.http} may be used.
 *
 * <p>Start with {@link storyloom.serve.story.StoryWriter}; {@link
 * storyloom.serve.story.PendingStory} is what it takes, {@link storyloom.serve.story.ServedModels}
 * says which model's writer gets it.
 */
package storyloom.serve.story;
