package storyloom.serve.http;

/** Nobody waits for the answer any more. */
final class ClientGoneException extends RuntimeException {

  ClientGoneException() {
    super("the client has gone", null, false, false);
  }
}
