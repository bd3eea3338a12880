package resolver.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file that is written beside another one and takes its place when it is whole and on the disk;
 * closed before that, it is gone. Nobody but its owner may read it: it tells what people ask.
 */
final class NewFile implements AutoCloseable {
  private final Path file;
  private final Path temporary;
  private final FileChannel channel;

  private NewFile(Path file, Path temporary, FileChannel channel) {
    this.file = file;
    this.temporary = temporary;
    this.channel = channel;
  }

  /** An empty one. */
  static NewFile beside(Path file) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".new");
    // What a process left that was killed over it.
    Files.deleteIfExists(temporary);
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] mode =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    FileChannel channel =
        FileChannel.open(
            temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode);
    return new NewFile(file, temporary, channel);
  }

  FileChannel channel() {
    return channel;
  }

  /** Puts it in the place of the other one, in one step. */
  void replace() throws IOException {
    channel.force(true);
    channel.close();
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel directory =
        FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    } catch (IOException e) {
      // Some systems cannot; the file is whole, whichever of the two is there after a crash.
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(temporary);
  }
}
