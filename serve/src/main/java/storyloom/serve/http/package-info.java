/**
 * The story service as clients see it: routes, JSON, streams of events, problems, tokens, limits
 * and metrics, on Javalin and Jetty. How stories are batched and written is the business of {@link
 * storyloom.serve.story}, which knows nothing of this package.
 *
 * <p>Start with {@link storyloom.serve.http.StoryServer}, which puts the parts together, then
 * follow a request from {@code RequestFilter} through {@code GenerateRoute}: {@code
 * StoryRequestReader} reads it, {@code StoryWait} waits for its story, {@code StoryResponse} or
 * {@code EventStream} answers it, {@code ResponseHandling} ends it.
 */
package storyloom.serve.http;
