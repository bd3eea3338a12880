package resolver.cli;

import java.io.PrintStream;
import java.util.List;

/**
 * A screen that is painted over and over, by the few sequences that every terminal knows (ECMA-48);
 * on one that knows none, screens follow one another. Any thread may call.
 */
final class Screen {
  private static final String OTHER_SCREEN = "\u001b[?1049h\u001b[?25l";
  private static final String BACK = "\u001b[?25h\u001b[?1049l";
  private static final String HOME = "\u001b[H";
  private static final String CLEAR_LINE = "\u001b[K";
  private static final String CLEAR_BELOW = "\u001b[J";

  private final PrintStream out;
  private final boolean dumb;
  private boolean open;

  Screen(PrintStream out, boolean dumb) {
    this.out = out;
    this.dumb = dumb;
  }

  /** Paints lines, none of which is wider than the terminal, nor are they more than it has. */
  synchronized void paint(List<String> lines) {
    if (dumb) {
      lines.forEach(out::println);
      out.println();
      out.flush();
      return;
    }
    StringBuilder text = new StringBuilder(open ? "" : OTHER_SCREEN).append(HOME);
    open = true;
    for (int i = 0; i < lines.size(); i++) {
      // No line end behind the last one: it would scroll the screen.
      text.append(i == 0 ? "" : "\r\n").append(lines.get(i)).append(CLEAR_LINE);
    }
    out.print(text.append(CLEAR_BELOW));
    out.flush();
  }

  /** Shows again what was there before. Does no harm twice. */
  synchronized void close() {
    if (open) {
      out.print(BACK);
      out.flush();
      open = false;
    }
  }
}
