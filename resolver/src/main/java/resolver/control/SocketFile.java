package resolver.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The file of a Unix domain socket, from its making to its removal.
 *
 * <p>It is made in a directory that nobody else may enter, given its rights there, and then moved
 * to its place, over one that is left from a daemon that is gone: so it is never there with other
 * rights, nor without somebody who listens.
 */
final class SocketFile implements AutoCloseable {
  private static final String RIGHTS = "rw-rw----";

  /** What the name of a socket may have, its end included (unix(7)). */
  private static final int MOST_OCTETS = 107;

  /** What lies above the rights in the mode of a file. */
  private static final int TYPE_SHIFT = 12;

  private static final int SOCKET = 12;

  private final Path path;
  private final ServerSocketChannel channel;
  private final @Nullable Object key;

  private SocketFile(Path path, ServerSocketChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    this.key = keyOf(path);
  }

  /**
   * Listens at a path.
   *
   * @throws IOException where it cannot; the message names the path, and the way out
   */
  static SocketFile listen(Path path) throws IOException {
    refuseWhatIsTaken(path);
    Path directory = path.toAbsolutePath().getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw new IOException(
          path + ": the directory does not exist (make it, or set control.socket to another path)");
    }
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    Path own = null;
    try {
      own = Files.createTempDirectory(directory, ".c"); // Has no rights but the owner's.
      Path made = own.resolve("s");
      if (made.toString().getBytes(UTF_8).length > MOST_OCTETS) {
        throw new IOException("too long a path for a socket (set control.socket to a shorter one)");
      }
      channel.bind(UnixDomainSocketAddress.of(made));
      Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(RIGHTS));
      Files.move(made, path, StandardCopyOption.ATOMIC_MOVE);
      return new SocketFile(path, channel);
    } catch (IOException e) {
      channel.close();
      throw e instanceof AccessDeniedException
          ? notAllowed(path, e)
          : new IOException(path + ": " + e.getMessage(), e);
    } finally {
      remove(own);
    }
  }

  ServerSocketChannel channel() {
    return channel;
  }

  private static void refuseWhatIsTaken(Path path) throws IOException {
    int type;
    try {
      type = typeOf(path);
    } catch (NoSuchFileException e) {
      return;
    } catch (AccessDeniedException e) {
      throw notAllowed(path, e);
    }
    if (type != SOCKET) {
      throw new IOException(
          path
              + ": there is "
              + name(type)
              + ", which is no socket (set control.socket to another path, or remove it where"
              + " nobody needs it)");
    }
    if (answers(path)) {
      throw new IOException(
          path + ": another daemon listens there (stop it, or set control.socket to another path)");
    }
  }

  /** The type of a file, a link not followed: the upper bits of its mode (inode(7)). */
  private static int typeOf(Path path) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) >> TYPE_SHIFT;
  }

  private static String name(int type) {
    return switch (type) {
      case 1 -> "a FIFO";
      case 2 -> "a character device";
      case 4 -> "a directory";
      case 6 -> "a block device";
      case 8 -> "a file";
      case 10 -> "a symbolic link";
      default -> "something";
    };
  }

  private static IOException notAllowed(Path path, IOException cause) {
    return new IOException(
        path
            + ": may not be made (give the service a directory of its own, or set control.socket to"
            + " another path)",
        cause);
  }

  private static boolean answers(Path path) {
    try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      return probe.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static @Nullable Object keyOf(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }

  private static void remove(@Nullable Path directory) throws IOException {
    if (directory != null) {
      Files.deleteIfExists(directory.resolve("s"));
      Files.deleteIfExists(directory);
    }
  }

  /** Listens no more, and removes the file, unless another one has taken its place. */
  @Override
  public void close() throws IOException {
    channel.close();
    try {
      Object now = keyOf(path);
      if (now != null && now.equals(key)) {
        Files.delete(path);
      }
    } catch (NoSuchFileException e) {
      // Removed by somebody else.
    }
  }
}
