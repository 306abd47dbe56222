package storyloom.serve.http;

/** Ends a request with a problem. */
final class ProblemException extends RuntimeException {

  private final transient Problem problem;

  ProblemException(Problem problem) {
    super(problem.detail(), null, false, false); // no fault of the program: no stack trace
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }
}
