package resolver.net;

import io.netty.channel.ChannelException;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the system tells of a socket that is open already, by its number in this process.
 *
 * @param stream whether it carries a stream
 * @param listening whether it takes connections
 * @param blocking whether whoever reads from it waits until something comes
 * @param local its own address
 */
public record OpenSocket(
    boolean stream, boolean listening, boolean blocking, InetSocketAddress local) {
  // From asm-generic/socket.h, which Linux has on all machines that Netty's native code is for.
  private static final int SOL_SOCKET = 1;
  private static final int SO_TYPE = 3;
  private static final int SO_ACCEPTCONN = 30;
  private static final int SO_DOMAIN = 39;

  private static final int SOCK_STREAM = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int O_NONBLOCK = 04000;

  /**
   * Looks at one; needs the native transport, and leaves the socket as it is.
   *
   * @throws IOException where it is no socket of UDP or TCP; the message says what it is
   */
  public static OpenSocket of(int descriptor) throws IOException {
    Socket socket;
    int domain;
    int type;
    try {
      socket = new Socket(descriptor);
      domain = socket.getIntOpt(SOL_SOCKET, SO_DOMAIN);
      type = socket.getIntOpt(SOL_SOCKET, SO_TYPE);
    } catch (IOException | ChannelException | IllegalArgumentException e) {
      throw new IOException("it is no socket", e);
    }
    if ((domain != AF_INET && domain != AF_INET6) || (type != SOCK_STREAM && type != SOCK_DGRAM)) {
      throw new IOException("it is no socket of UDP or TCP");
    }
    InetSocketAddress local = socket.localAddress();
    if (local == null) {
      throw new IOException("it has no address");
    }
    return new OpenSocket(
        type == SOCK_STREAM,
        socket.getIntOpt(SOL_SOCKET, SO_ACCEPTCONN) != 0,
        isBlocking(descriptor),
        local);
  }

  private static boolean isBlocking(int descriptor) throws IOException {
    Path info = Path.of("/proc/self/fdinfo", Integer.toString(descriptor));
    for (String line : Files.readAllLines(info, StandardCharsets.US_ASCII)) {
      if (line.startsWith("flags:")) {
        return (Integer.parseInt(line.substring(6).strip(), 8) & O_NONBLOCK) == 0;
      }
    }
    throw new IOException(info + " does not tell its flags");
  }
}
