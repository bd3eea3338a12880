package resolver.metrics;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Judges requests, and has those that may be answered by the site. */
final class Reception {
  private static final Logger LOG = LoggerFactory.getLogger(Reception.class);
  private static final String SCHEME = "http://";

  private final Site site;
  private final Supplier<Hosts> hosts;

  Reception(Site site, Supplier<Hosts> hosts) {
    this.site = site;
    this.hosts = hosts;
  }

  /** The page for a request, whatever it is. */
  Page answer(HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      return misread(request.decoderResult().cause());
    }
    HttpMethod method = request.method();
    if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
      return Page.line(405, "nothing can be changed here").with("allow", "GET, HEAD");
    }
    if (hasBody(request.headers())) {
      return Page.line(413, "a request must have no body");
    }
    List<String> named = request.headers().getAll(HttpHeaderNames.HOST);
    boolean old = request.protocolVersion().minorVersion() == 0;
    if (named.size() > 1 || (named.isEmpty() && !old)) {
      return Page.line(400, "a request must have one Host header");
    }
    return route(request, named.isEmpty() ? "localhost" : named.get(0));
  }

  /** The target may name a host, which then stands for that of the header (RFC 9112, 3.2.2). */
  private Page route(HttpRequest request, String named) {
    String target = request.uri();
    String host = named;
    if (target.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      int slash = target.indexOf('/', SCHEME.length());
      host = target.substring(SCHEME.length(), slash < 0 ? target.length() : slash);
      target = slash < 0 ? "/" : target.substring(slash);
    }
    if (!target.startsWith("/")) {
      return Page.line(400, "the target must be a path");
    }
    if (!hosts.get().allow(host)) {
      return Page.line(
          403, "this host is not known here: call it by its address, or set metrics.hosts");
    }
    int query = target.indexOf('?');
    String accept = request.headers().get(HttpHeaderNames.ACCEPT, "");
    return make(query < 0 ? target : target.substring(0, query), accept);
  }

  private Page make(String path, String accept) {
    try {
      return site.at(path, accept);
    } catch (RuntimeException e) {
      LOG.error("making the page {} threw", path, e);
      return Page.line(500, "a defect, of which the log tells");
    }
  }

  private static boolean hasBody(HttpHeaders headers) {
    String length = headers.get(HttpHeaderNames.CONTENT_LENGTH, "0");
    return headers.contains(HttpHeaderNames.TRANSFER_ENCODING) || !length.strip().equals("0");
  }

  private static Page misread(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return Page.line(414, "the target is too long");
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return Page.line(431, "the headers are too long");
    }
    return Page.line(400, "this is no HTTP/1.1 request");
  }
}
