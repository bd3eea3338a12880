package resolver.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import resolver.cache.CacheSettings;
import resolver.cache.SnapshotSettings;
import resolver.control.ControlSettings;
import resolver.flight.FlightSettings;
import resolver.metrics.MetricsSettings;
import resolver.observe.QueryLogSettings;
import resolver.policy.LocalSettings;
import resolver.policy.PolicySettings;
import resolver.server.ClientSettings;
import resolver.server.ServerSettings;
import resolver.settings.SettingException;
import resolver.settings.Words;
import resolver.upstream.UpstreamSettings;

/**
 * Every setting of the daemon, checked.
 *
 * @param server the client half
 * @param clients what one client may cost
 * @param cache the cache
 * @param snapshot what is kept of the cache while the daemon does not run
 * @param lookup the lookup group
 * @param upstream the road to the upstream servers
 * @param local what is answered without asking anybody
 * @param policy which answers may go out
 * @param control the control socket
 * @param metrics what is read over HTTP
 * @param queryLog what is told of single queries
 * @param log what is told
 */
public record Settings(
    ServerSettings server,
    ClientSettings clients,
    CacheSettings cache,
    SnapshotSettings snapshot,
    FlightSettings lookup,
    UpstreamSettings upstream,
    LocalSettings local,
    PolicySettings policy,
    ControlSettings control,
    MetricsSettings metrics,
    QueryLogSettings queryLog,
    LogSettings log) {

  /** What holds when nothing is set. */
  public static final Settings DEFAULTS =
      new Settings(
          ServerSettings.DEFAULTS,
          CacheSettings.DEFAULTS,
          FlightSettings.DEFAULTS,
          UpstreamSettings.DEFAULTS,
          LocalSettings.DEFAULTS,
          PolicySettings.DEFAULTS,
          LogSettings.DEFAULTS);

  /** These, and for the rest what holds when nothing is set. */
  public Settings(
      ServerSettings server,
      CacheSettings cache,
      FlightSettings lookup,
      UpstreamSettings upstream,
      LocalSettings local,
      PolicySettings policy,
      LogSettings log) {
    this(
        server,
        ClientSettings.DEFAULTS,
        cache,
        SnapshotSettings.DEFAULTS,
        lookup,
        upstream,
        local,
        policy,
        ControlSettings.DEFAULTS,
        MetricsSettings.DEFAULTS,
        QueryLogSettings.DEFAULTS,
        log);
  }

  /** Checks what no section can check alone; names settings with their table. */
  public Settings {
    if (cache.minTtl().compareTo(cache.maxTtl()) > 0) {
      throw new SettingException(
          "cache.min-ttl",
          Words.duration(cache.minTtl()),
          "at most cache.max-ttl, which is " + Words.duration(cache.maxTtl()));
    }
  }

  /** The same settings with others for what is read over HTTP. */
  public Settings withMetrics(MetricsSettings other) {
    return new Settings(
        server, clients, cache, snapshot, lookup, upstream, local, policy, control, other, queryLog,
        log);
  }

  /**
   * A setting that differs.
   *
   * @param key its dotted name, such as {@code cache.size}
   * @param before the old value as a file would say it
   * @param after the new one
   */
  public record Change(String key, String before, String after) {
    @Override
    public String toString() {
      return key + ": " + before + " -> " + after;
    }
  }

  /** Every setting by its dotted name, as a file would say it, in the order of the sections. */
  public Map<String, String> entries() {
    Map<String, String> entries = new LinkedHashMap<>();
    for (Schema.Key key : Schema.KEYS) {
      entries.put(key.dotted(), key.kind().write(key.of(this)));
    }
    return entries;
  }

  /** What differs between two settings, in the order of the sections. */
  public static List<Change> changes(Settings before, Settings after) {
    List<Change> changes = new ArrayList<>();
    for (Schema.Key key : Schema.KEYS) {
      Object old = key.of(before);
      Object current = key.of(after);
      if (!old.equals(current)) {
        changes.add(new Change(key.dotted(), key.kind().write(old), key.kind().write(current)));
      }
    }
    return changes;
  }

  /**
   * What differs and does not take effect in a running daemon.
   *
   * @param live the dotted names of those that do
   */
  public static List<Change> changesThatNeedRestart(
      Settings before, Settings after, Set<String> live) {
    return changes(before, after).stream().filter(c -> !live.contains(c.key())).toList();
  }
}
