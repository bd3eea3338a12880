package resolver.metrics;

import java.util.function.BooleanSupplier;

/** Which page is where. Its pages are made anew for each request; nothing can be changed there. */
final class Site {
  private final Subject subject;
  private final BooleanSupplier alive;
  private final BooleanSupplier ready;

  /**
   * A site.
   *
   * @param alive whether every event loop does its work
   * @param ready whether queries are taken, and will be
   */
  Site(Subject subject, BooleanSupplier alive, BooleanSupplier ready) {
    this.subject = subject;
    this.alive = alive;
    this.ready = ready;
  }

  /**
   * The page at a path.
   *
   * @param accept the media types that the asker takes
   */
  Page at(String path, String accept) {
    return switch (path) {
      case "/" -> StatusPage.page();
      case "/status.json" -> StatusDocument.of(subject, alive.getAsBoolean(), ready.getAsBoolean());
      case "/metrics" -> Exposition.of(subject, accept);
      case "/healthz" ->
          alive.getAsBoolean()
              ? Page.line(200, "alive")
              : Page.line(503, "an event loop does not run its tasks");
      case "/readyz" -> ready.getAsBoolean() ? Page.line(200, "ready") : Page.line(503, "stopping");
      default -> Page.line(404, "not here; there are / /status.json /metrics /healthz and /readyz");
    };
  }
}
