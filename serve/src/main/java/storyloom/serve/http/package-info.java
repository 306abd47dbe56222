/** The story service as clients see it: JSON, streams of events, problems, limits. */
package storyloom.serve.http;
