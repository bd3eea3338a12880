package resolver.policy;

import java.util.List;
import org.xbill.DNS.Name;

/**
 * Settings of which answers may go out to clients.
 *
 * @param rebindingProtection whether answers of public servers with private addresses are refused
 * @param rebindingAllow names that may have private addresses all the same, with all below them
 */
public record PolicySettings(boolean rebindingProtection, List<Name> rebindingAllow) {
  /** What holds when nothing is set. */
  public static final PolicySettings DEFAULTS = new PolicySettings(true, List.of());

  /** Copies the list. */
  public PolicySettings {
    rebindingAllow = List.copyOf(rebindingAllow);
  }
}
