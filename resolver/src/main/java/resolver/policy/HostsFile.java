package resolver.policy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A hosts file that is looked at again and again. Belongs to one thread at a time, which may block
 * on the disk.
 */
final class HostsFile {
  private static final Logger LOG = LoggerFactory.getLogger(HostsFile.class);

  /** Twice the largest lists of names that people block by it. */
  private static final int MAX_FILE = 16 << 20;

  /** Problems that are told one by one; of the others only how many there are. */
  private static final int MOST_TOLD = 10;

  private static final HostsTable NOTHING = HostsReader.read(new byte[0], "").table();

  private final @Nullable Path path;
  private final String name;
  private @Nullable Stamp stamp;
  private HostsTable table = NOTHING;
  private Set<String> told = Set.of();

  /** What tells one state of a file from another. */
  private record Stamp(FileTime modified, long size, @Nullable Object key) {
    /** What a record does by itself would take long the first time, which is at the start. */
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Stamp stamp
          && modified.equals(stamp.modified)
          && size == stamp.size
          && Objects.equals(key, stamp.key);
    }

    @Override
    public int hashCode() {
      return Objects.hash(modified, size, key);
    }
  }

  /**
   * A file, not looked at yet.
   *
   * @param root what its path counts from
   * @param path an absolute path; empty for no file
   */
  HostsFile(Path root, String path) {
    this.path = path.isEmpty() ? null : root.resolve(Path.of("/").relativize(Path.of(path)));
    this.name = path;
  }

  /** What it said at the last look. */
  HostsTable table() {
    return table;
  }

  /**
   * Looks at the file, and reads it if it is another than at the last look. A file that cannot be
   * read leaves what was known; one that is missing says nothing.
   *
   * @return whether it was read
   */
  boolean refresh() {
    if (path == null) {
      return false;
    }
    try {
      // Taken first: what changes while it is read is read again at the next look.
      BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
      Stamp seen = new Stamp(now.lastModifiedTime(), now.size(), now.fileKey());
      if (seen.equals(stamp)) {
        return false;
      }
      if (!now.isRegularFile()) {
        tell(List.of("is no regular file: not read"));
        return false;
      }
      read(path);
      stamp = seen;
      return true;
    } catch (NoSuchFileException e) {
      boolean gone = stamp != null;
      stamp = null;
      table = NOTHING;
      return gone;
    } catch (AccessDeniedException e) {
      tell(List.of("is not read: permission denied"));
      return false;
    } catch (IOException e) {
      tell(List.of("cannot be read: " + e.getMessage()));
      return false;
    }
  }

  private void read(Path file) throws IOException {
    byte[] text;
    try (InputStream in = Files.newInputStream(file)) {
      text = in.readNBytes(MAX_FILE + 1);
    }
    if (text.length > MAX_FILE) {
      tell(List.of("is larger than " + (MAX_FILE >> 20) + "MiB: not read"));
      return;
    }
    HostsReader.Read read = HostsReader.read(text, name);
    table = read.table();
    tell(read.problems());
  }

  /** Tells what was not told at the last look. */
  private void tell(List<String> problems) {
    List<String> fresh = problems.stream().filter(p -> !told.contains(p)).toList();
    fresh.stream().limit(MOST_TOLD).forEach(problem -> LOG.warn("{}: {}", name, problem));
    if (fresh.size() > MOST_TOLD) {
      LOG.warn("{}: {} more like these", name, fresh.size() - MOST_TOLD);
    }
    told = new HashSet<>(problems);
  }
}
