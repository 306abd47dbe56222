/** The story service as a command. */
package storyloom.serve;
