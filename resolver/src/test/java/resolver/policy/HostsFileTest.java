package resolver.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resolver.fixtures.Answers;
import resolver.fixtures.LogCatcher;

/** The file is followed as it changes. */
class HostsFileTest {
  private final LogCatcher log = new LogCatcher(HostsFile.class);
  @TempDir Path root;
  private Path path = Path.of("");

  @BeforeEach
  void makeDirectory() throws IOException {
    path = Files.createDirectories(root.resolve("etc")).resolve("hosts");
  }

  @AfterEach
  void stop() {
    log.close();
  }

  @Test
  void aMissingFileSaysNothing() {
    HostsFile file = new HostsFile(root, "/etc/hosts");
    assertThat(file.refresh()).isFalse();
    assertThat(file.table().size()).isZero();
    assertThat(log.messages()).isEmpty();
  }

  @Test
  void noFileSaysNothing() {
    HostsFile file = new HostsFile(root, "");
    assertThat(file.refresh()).isFalse();
    assertThat(file.table().size()).isZero();
  }

  @Test
  void itIsReadWhenItComesChangesAndGoes() throws IOException {
    HostsFile file = new HostsFile(root, "/etc/hosts");
    file.refresh();
    write("192.0.2.1 a\n");
    assertThat(file.refresh()).isTrue();
    assertThat(knows(file, "a")).isTrue();
    assertThat(file.refresh()).as("as it was").isFalse();
    write("192.0.2.1 a b\n");
    assertThat(file.refresh()).isTrue();
    assertThat(knows(file, "b")).isTrue();
    Files.delete(path);
    assertThat(file.refresh()).isTrue();
    assertThat(knows(file, "a")).isFalse();
    assertThat(file.refresh()).isFalse();
  }

  @Test
  void timeSizeAndFileEachTellAChange() throws IOException {
    write("192.0.2.1 a\n");
    FileTime then = Files.getLastModifiedTime(path);
    HostsFile file = new HostsFile(root, "/etc/hosts");
    file.refresh();

    write("192.0.2.1 b\n");
    Files.setLastModifiedTime(path, FileTime.fromMillis(then.toMillis() + 1));
    assertThat(file.refresh()).as("time").isTrue();
    then = Files.getLastModifiedTime(path);

    write("192.0.2.1 cc\n");
    Files.setLastModifiedTime(path, then);
    assertThat(file.refresh()).as("size").isTrue();

    Path other = Files.writeString(root.resolve("other"), "192.0.2.1 dd\n");
    Files.setLastModifiedTime(other, then);
    Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);
    assertThat(file.refresh()).as("file").isTrue();
    assertThat(knows(file, "dd")).isTrue();
  }

  @Test
  void badLinesAreToldOnce() throws IOException {
    write("rubbish\n");
    HostsFile file = new HostsFile(root, "/etc/hosts");
    file.refresh();
    write("rubbish\nmore rubbish\n");
    file.refresh();
    file.refresh();
    assertThat(log.messages())
        .containsExactly(
            "/etc/hosts: line 1: \"rubbish\" is no IP address: left out",
            "/etc/hosts: line 2: \"more\" is no IP address: left out");
  }

  @Test
  void aFloodOfBadLinesIsSummedUp() throws IOException {
    write("rubbish\n".repeat(1000));
    new HostsFile(root, "/etc/hosts").refresh();
    assertThat(log.messages()).hasSize(11).last().isEqualTo("/etc/hosts: 990 more like these");
  }

  @Test
  void whatCannotBeReadLeavesWhatWasKnownAndIsToldOnce() throws IOException {
    write("192.0.2.1 a\n");
    HostsFile file = new HostsFile(root, "/etc/hosts");
    file.refresh();
    Files.delete(path);
    Files.createDirectory(path);
    file.refresh();
    file.refresh();
    assertThat(knows(file, "a")).isTrue();
    assertThat(log.messages()).containsExactly("/etc/hosts: is no regular file: not read");
    Files.delete(path);
    write("192.0.2.1 b\n");
    file.refresh();
    assertThat(knows(file, "b")).isTrue();
  }

  @Test
  void aFileBeyondAllSizeIsNotRead() throws IOException {
    write("192.0.2.1 a\n");
    HostsFile file = new HostsFile(root, "/etc/hosts");
    file.refresh();
    try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
      sparse.setLength(20L << 20);
    }
    file.refresh();
    assertThat(knows(file, "a")).isTrue();
    assertThat(log.messages()).containsExactly("/etc/hosts: is larger than 16MiB: not read");
  }

  private static boolean knows(HostsFile file, String name) {
    return file.table().answer(Answers.question(name, "A")) != null;
  }

  private void write(String text) throws IOException {
    Files.writeString(path, text);
  }
}
