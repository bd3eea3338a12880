package resolver.server;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import resolver.query.Transport;
import resolver.settings.Addresses;

/** An address cannot be listened on. The message says which, why, and what can be done. */
public final class CannotListen extends IOException {
  private static final long serialVersionUID = 1;

  private CannotListen(String message, Throwable cause) {
    super(message, cause);
  }

  /** A passed socket that will not do; the message says why, and what can be done. */
  CannotListen(String message) {
    super(message);
  }

  /** For an address that the system does not let us have. */
  static CannotListen on(InetSocketAddress address, Transport transport, Throwable cause) {
    String where = Addresses.format(address) + " over " + transport;
    String reason = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    if (reason.contains("permission denied")) {
      return new CannotListen(
          "cannot listen on "
              + where
              + ": ports below 1024 need CAP_NET_BIND_SERVICE; start it from the systemd unit, or"
              + " choose another port with --listen",
          cause);
    }
    if (reason.contains("in use")) {
      Optional<String> owner = new PortOwner(Path.of("/proc")).find(address, transport);
      return new CannotListen(
          "cannot listen on "
              + where
              + ": the port is held by "
              + owner.orElse("another process (root may see which)")
              + "; stop that one, or choose another port with --listen",
          cause);
    }
    if (reason.contains("cannot assign")) {
      return new CannotListen(
          "cannot listen on "
              + where
              + ": this machine has no such address; see the settings server.listen and --listen",
          cause);
    }
    String kind = cause instanceof BindException ? "" : cause.getClass().getSimpleName() + ": ";
    return new CannotListen("cannot listen on " + where + ": " + kind + cause.getMessage(), cause);
  }
}
