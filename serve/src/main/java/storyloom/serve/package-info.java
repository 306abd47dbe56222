/**
 * The story service as a command: reads arguments and settings, opens the model, starts the server
 * and ends with an exit status. Nothing of HTTP and nothing of decoding is here.
 *
 * <p>Start with {@link storyloom.serve.ServeCommand}; it is the main class of {@code serve.jar}.
 */
package storyloom.serve;
