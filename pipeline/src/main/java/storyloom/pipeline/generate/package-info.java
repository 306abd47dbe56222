/** From prompts to stories, on any table that Spark reads. */
package storyloom.pipeline.generate;
