package resolver.cli;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The terminal that this process belongs to: how large it is, and its keys one by one. What Java
 * cannot ask, {@code stty} is asked. Any thread may call.
 */
final class Terminal {
  /** Columns and lines. */
  record Size(int width, int height) {}

  private static final File TTY = new File("/dev/tty");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,4}) (\\d{1,4})");
  private static final long PATIENCE_SECONDS = 2;

  private @Nullable String before;

  /** How large it is; what the environment says, or 80 by 24, where it does not tell. */
  Size size(Map<String, String> environment) {
    Matcher told = SIZE.matcher(stty("size"));
    if (told.matches() && !told.group(2).equals("0") && !told.group(1).equals("0")) {
      return new Size(Integer.parseInt(told.group(2)), Integer.parseInt(told.group(1)));
    }
    return new Size(
        number(environment.getOrDefault("COLUMNS", ""), 80),
        number(environment.getOrDefault("LINES", ""), 24));
  }

  private static int number(String text, int otherwise) {
    return text.matches("[1-9]\\d{0,3}") ? Integer.parseInt(text) : otherwise;
  }

  /** Gives keys as they are pressed from now on, and does not show them. */
  synchronized void takeKeys() {
    String state = stty("-g");
    if (before == null && !state.isEmpty()) {
      before = state;
      stty("-icanon", "-echo", "min", "1", "time", "0");
    }
  }

  /** Leaves the keys as they were. Does no harm twice. */
  synchronized void giveBackKeys() {
    if (before != null) {
      stty(before);
      before = null;
    }
  }

  /** Runs an action at a key, on a thread that ends with the process. */
  void onKey(char key, Runnable action) {
    Thread thread =
        new Thread(
            () -> {
              try (InputStream keys = new FileInputStream(TTY)) {
                for (int next = keys.read(); next >= 0; next = keys.read()) {
                  if (next == key) {
                    action.run();
                  }
                }
              } catch (IOException e) {
                // There are no keys, or no more.
              }
            },
            "keys");
    thread.setDaemon(true);
    thread.start();
  }

  /** What stty says; empty where there is no terminal, or no stty. */
  private static String stty(String... words) {
    String[] command = new String[words.length + 1];
    command[0] = "stty";
    System.arraycopy(words, 0, command, 1, words.length);
    try {
      Process stty =
          new ProcessBuilder(command)
              .redirectInput(TTY)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String said =
          new String(
              stty.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII);
      return stty.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && stty.exitValue() == 0
          ? said.strip()
          : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
