package resolver.upstream;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import resolver.query.Transport;
import resolver.settings.Addresses;

/**
 * An upstream server: where it listens, how it is spoken to, and how it proves who it is. Written
 * as {@link ServerWords} says.
 *
 * @param protocol how queries travel
 * @param address where it listens; unresolved where only its name is known, and then no query can
 *     be sent before {@link #at} has put an address in its place
 * @param name the name that its certificate must be for; null where it must be for the address
 * @param pins SHA-256 hashes of public keys in Base64: where there are some, the server has to have
 *     one of these keys, and no certificate is checked (RFC 7858 section 4.2)
 * @param path where on it queries go over HTTP, as a path that may end with {@code {?dns}} (RFC
 *     8484 section 3); empty for the other protocols
 * @param alsoFor an address that its certificate must be for beside all else (RFC 9462 section
 *     4.2), or null
 */
public record Server(
    Protocol protocol,
    InetSocketAddress address,
    @Nullable String name,
    List<String> pins,
    String path,
    @Nullable InetAddress alsoFor) {

  /** How queries travel. */
  public enum Protocol {
    /** UDP, and TCP for what does not fit. */
    PLAIN(53, Transport.UDP),
    /** DNS over TLS (RFC 7858). */
    TLS(853, Transport.TLS),
    /** DNS over HTTPS (RFC 8484). */
    HTTPS(443, Transport.HTTPS);

    private final int port;
    private final Transport transport;

    Protocol(int port, Transport transport) {
      this.port = port;
      this.transport = transport;
    }

    /** The port that holds where none is given. */
    public int port() {
      return port;
    }

    /** How a first query is sent. */
    public Transport transport() {
      return transport;
    }
  }

  /** Copies the list. */
  public Server {
    pins = List.copyOf(pins);
  }

  /** One that is asked over UDP, and TCP. */
  public static Server plain(InetSocketAddress address) {
    return new Server(Protocol.PLAIN, address, null, List.of(), "", null);
  }

  /** Whether all that is sent is encrypted, to a server that has proven who it is. */
  public boolean isEncrypted() {
    return protocol != Protocol.PLAIN;
  }

  /** Whether its address is known. */
  public boolean hasAddress() {
    return !address.isUnresolved();
  }

  /** The same server at an address that was found for it. */
  Server at(InetAddress found) {
    InetSocketAddress where = new InetSocketAddress(found, address.getPort());
    return new Server(protocol, where, name, pins, path, alsoFor);
  }

  /** The name or address that its certificate has to be for. */
  String identity() {
    // Without a zone: no certificate knows of one.
    return name != null ? name : NetUtil.toAddressString(address.getAddress());
  }

  /** Whether the path to it cannot be tampered with, so that its AD bit counts. */
  boolean isTrusted() {
    return isEncrypted() || address.getAddress().isLoopbackAddress();
  }

  /** Whether both are one, whatever else it must be certified for. */
  boolean isSameButForProof(Server other) {
    return protocol == other.protocol
        && address.equals(other.address)
        && Objects.equals(name, other.name)
        && pins.equals(other.pins)
        && path.equals(other.path);
  }

  // What a record does by itself would take long the first time, which is at the start.
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof Server server
            && isSameButForProof(server)
            && Objects.equals(alsoFor, server.alsoFor));
  }

  @Override
  public int hashCode() {
    return address.hashCode() * 31 + protocol.port();
  }

  /** As settings name it, without the hashes of its keys. */
  @Override
  public String toString() {
    return isEncrypted() ? ServerWords.brief(this) : Addresses.format(address);
  }
}
