/** What a story model is, without Spark. */
package storyloom.model;
