package resolver.server;

import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.channels.UnsupportedAddressTypeException;
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
    return on(address, transport, cause, new PortOwner(Path.of("/proc")));
  }

  static CannotListen on(
      InetSocketAddress address, Transport transport, Throwable cause, PortOwner owners) {
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
      return new CannotListen(
          "cannot listen on "
              + where
              + ": the port is held by "
              + heldBy(owners.owner(address, transport))
              + ", or choose another port with --listen",
          cause);
    }
    if (reason.contains("cannot assign")) {
      return new CannotListen(
          "cannot listen on "
              + where
              + ": this machine has no such address; see the settings server.listen and --listen",
          cause);
    }
    if (address.getAddress() instanceof Inet6Address && isOfNoFamily(cause, reason)) {
      return new CannotListen(
          "cannot listen on "
              + where
              + ": this machine has no IPv6; leave the address out of server.listen and --listen",
          cause);
    }
    String kind = cause instanceof BindException ? "" : cause.getClass().getSimpleName() + ": ";
    return new CannotListen("cannot listen on " + where + ": " + kind + cause.getMessage(), cause);
  }

  private static String heldBy(Optional<PortOwner.Owner> owner) {
    if (owner.isEmpty()) {
      return "another process (root may see which); stop that one";
    }
    return owner.get().isServiceManager()
        ? owner.get()
            + " for a socket unit; find that with systemctl list-sockets and free the port with"
            + " systemctl disable --now NAME.socket"
        : owner.get() + "; stop that one";
  }

  /** Java's word for a family that this machine lacks, and the kernel's two. */
  private static boolean isOfNoFamily(Throwable cause, String reason) {
    return cause instanceof UnsupportedAddressTypeException
        || reason.contains("protocol family")
        || reason.contains("address family");
  }
}
