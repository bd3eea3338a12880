package resolver.observe;

import ch.qos.logback.core.Context;
import ch.qos.logback.core.ContextBase;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.recovery.RecoveryListener;
import ch.qos.logback.core.recovery.ResilientFileOutputStream;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.status.Status;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that is set aside when it is large, and whose oldest predecessors are deleted. Belongs to
 * one thread.
 *
 * <p>Logback writes it; an appender and a context of its own, so that it is there without Logback
 * being the log of the process.
 */
final class RollingFile implements QueryLog.Output {
  private static final Logger LOG = LoggerFactory.getLogger(RollingFile.class);
  private static final byte[] NONE = {};

  private final Context context = new ContextBase();
  private final Appender appender = new Appender();
  private @Nullable String trouble;

  /**
   * Opens it.
   *
   * @param maxSize octets after which it is set aside
   * @param maxFiles how many that were set aside are kept: path.1 is the last one
   * @throws IOException where it cannot be written
   */
  RollingFile(Path path, long maxSize, int maxFiles) throws IOException {
    context.getStatusManager().add(this::note);
    FixedWindowRollingPolicy window = new FixedWindowRollingPolicy();
    window.setContext(context);
    window.setParent(appender);
    window.setFileNamePattern(path + ".%i");
    window.setMinIndex(1);
    window.setMaxIndex(maxFiles);
    SizeBasedTriggeringPolicy<String> size = new SizeBasedTriggeringPolicy<>();
    size.setContext(context);
    size.setMaxFileSize(new FileSize(maxSize));
    size.setCheckIncrement(Duration.buildByMilliseconds(0));
    Lines lines = new Lines();
    lines.setContext(context);
    appender.setContext(context);
    appender.setFile(path.toString());
    appender.setEncoder(lines);
    appender.setRollingPolicy(window);
    appender.setTriggeringPolicy(size);
    window.start();
    size.start();
    lines.start();
    appender.start();
    if (!appender.isStarted()) {
      throw new IOException(trouble == null ? path + " cannot be opened" : trouble);
    }
    trouble = null;
  }

  @Override
  public void write(String lines) throws IOException {
    appender.doAppend(lines);
    String why = appender.broken;
    if (why != null) {
      throw new IOException(why);
    }
  }

  /** Logback tells its troubles instead of throwing them. */
  private void note(Status status) {
    if (status.getEffectiveLevel() < Status.WARN) {
      return;
    }
    Throwable cause = status.getThrowable();
    String told = cause == null ? status.getMessage() : String.valueOf(cause.getMessage());
    if (appender.isStarted() && trouble == null) {
      LOG.warn("the query log goes on with a trouble: {}", told);
    }
    trouble = told;
  }

  @Override
  public void close() {
    appender.stop();
  }

  private static final class Appender extends RollingFileAppender<String>
      implements RecoveryListener {
    private static final Set<PosixFilePermission> RIGHTS =
        PosixFilePermissions.fromString("rw-r-----");

    /** Why lines are lost at the moment; null while they are not. */
    private @Nullable String broken;

    /** What people ask is not for everybody's eyes. */
    @Override
    public void openFile(String name) throws IOException {
      Path path = Path.of(name);
      try {
        Files.createFile(path, PosixFilePermissions.asFileAttribute(RIGHTS));
        // The umask of the service leaves nothing to its group.
        Files.setPosixFilePermissions(path, RIGHTS);
      } catch (FileAlreadyExistsException e) {
        // Whoever made it has chosen who may read it.
      }
      super.openFile(name);
      if (getOutputStream() instanceof ResilientFileOutputStream file) {
        file.addRecoveryListener(this);
      }
    }

    @Override
    public void newFailure(IOException why) {
      broken = String.valueOf(why.getMessage());
    }

    @Override
    public void recoveryOccured() {
      broken = null;
    }
  }

  /** Lines that are whole already. */
  private static final class Lines extends EncoderBase<String> {
    @Override
    public byte[] headerBytes() {
      return NONE;
    }

    @Override
    public byte[] encode(String lines) {
      return lines.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] footerBytes() {
      return NONE;
    }
  }
}
