/**
 * From a prompt to its stories. {@link storyloom.model.decode.StoryDecoder} takes prompts as people
 * write them and is the one to read first; {@link storyloom.model.decode.StoryBatch} is the loop
 * below it that commands and service share: it takes many prompts one token further at a time. Each
 * thing that can be chosen about a story stands in {@link storyloom.model.decode.DecodingOption},
 * and nowhere else.
 *
 * <p>How a token is chosen belongs to {@code search}, what a network computes to {@code network}:
 * nothing here knows of an architecture or of its state. No Spark, no files, no HTTP.
 */
package storyloom.model.decode;
