package resolver.policy;

import java.util.List;
import org.xbill.DNS.Name;
import resolver.settings.Directories;
import resolver.settings.SettingException;

/**
 * Settings of what is answered without asking anybody.
 *
 * @param hosts the hosts file, an absolute path; empty for none
 * @param records what is said of names, instead of what DNS says of them
 * @param zones names below which nothing exists but what the records say
 * @param singleLabel what becomes of names of one label
 * @param specialNames whether names with a special use (RFC 6761) and private reverse zones (RFC
 *     6303) are answered here
 */
public record LocalSettings(
    String hosts,
    List<LocalRecord> records,
    List<Name> zones,
    SingleLabel singleLabel,
    boolean specialNames) {

  /** What holds when nothing is set. */
  public static final LocalSettings DEFAULTS =
      new LocalSettings("/etc/hosts", List.of(), List.of(), SingleLabel.AUTO, true);

  /** Checks the path, and that the records go together. */
  public LocalSettings {
    records = List.copyOf(records);
    zones = List.copyOf(zones);
    if (!hosts.isEmpty() && !Directories.isAbsolute(hosts)) {
      throw new SettingException(
          "hosts", '"' + hosts + '"', "an absolute path, or \"\" for no hosts file");
    }
    LocalZones.of(records, zones);
  }
}
