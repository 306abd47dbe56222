/**
 * Stories for a table of prompts. Read {@link storyloom.pipeline.generate.StoryGenerator} first, a
 * Spark ML Transformer; its task on an executor is {@code StoryTask}, which hands batches of rows
 * to {@link storyloom.model.decode.StoryDecoder}; {@link
 * storyloom.pipeline.generate.StoryFunctions} are its ways into SQL. {@link
 * storyloom.pipeline.generate.PromptTable} and {@link storyloom.pipeline.generate.StoryFormat} read
 * and write the tables that {@code generate.jar} takes and gives.
 *
 * <p>How a story is written belongs to model.decode. StoryGenerator keeps its full name and the
 * names of its parameters: saved pipelines hold them.
 */
package storyloom.pipeline.generate;
