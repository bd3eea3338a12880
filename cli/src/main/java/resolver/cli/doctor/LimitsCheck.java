package resolver.cli.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import resolver.server.ServerSettings;
import resolver.settings.Words;

/** Whether the kernel gives what the settings ask for: file descriptors, receive queues. */
final class LimitsCheck {
  /** Beside those of clients: sockets towards servers, files of Java. */
  private static final long OTHER_DESCRIPTORS = 1024;

  private final Path root;

  LimitsCheck(Path root) {
    this.root = root;
  }

  /**
   * Looks at the limits.
   *
   * @param pid the process whose limits count: the daemon, or "self"
   */
  List<Finding> look(ServerSettings settings, String pid) {
    List<Finding> findings = new ArrayList<>();
    lookAtDescriptors(settings, pid, findings);
    lookAtQueue(settings, findings);
    return findings;
  }

  private void lookAtDescriptors(ServerSettings settings, String pid, List<Finding> findings) {
    long needed = settings.tcpConnections() + OTHER_DESCRIPTORS;
    for (String line : SystemFile.lines(root.resolve("proc").resolve(pid).resolve("limits"))) {
      if (line.startsWith("Max open files")) {
        String[] words = line.split("\\s+");
        long most = number(words.length > 3 ? words[3] : "");
        String whose = pid.equals("self") ? "a process started here" : "the daemon";
        String text = whose + " may open " + (words.length > 3 ? words[3] : "?") + " files";
        findings.add(
            most >= needed
                ? Finding.ok("files", text)
                : Finding.warn(
                    "files",
                    text + ", and server.tcp-connections may want " + needed,
                    "ulimit -n "
                        + needed
                        + ", or in the unit: LimitNOFILE="
                        + needed
                        + "; or a lower server.tcp-connections"));
      }
    }
  }

  private void lookAtQueue(ServerSettings settings, List<Finding> findings) {
    String told = SystemFile.line(root.resolve("proc/sys/net/core/rmem_max"));
    if (told.isEmpty()) {
      return;
    }
    long most = number(told);
    long wanted = settings.receiveBuffer();
    String text = "receive queues of " + Words.size(most) + " at most for ordinary users";
    findings.add(
        most >= wanted
            ? Finding.ok("queue", text)
            : Finding.warn(
                "queue",
                text
                    + ", and server.receive-buffer asks for "
                    + Words.size(wanted)
                    + ": bursts may be lost",
                "printf 'net.core.rmem_max = "
                    + wanted
                    + "\\n' > /etc/sysctl.d/60-resolver.conf\nsysctl -p /etc/sysctl.d/60-resolver.conf"));
  }

  private static long number(String text) {
    try {
      return text.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
