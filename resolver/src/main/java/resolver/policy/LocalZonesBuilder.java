package resolver.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;
import resolver.query.SuffixMap;
import resolver.settings.SettingException;
import resolver.wire.ExtendedError;

/**
 * Puts the records and zones of the settings together.
 *
 * <p>Names between an owner and the top of what is said here exist too, without records (RFC 4592
 * section 2.2.2). Tops are zones, and the names right above wildcards that lie in no zone.
 */
final class LocalZonesBuilder {
  private final List<LocalRecord> records;
  private final Set<Name> tops = new HashSet<>();
  private final Map<Name, Name> zoneNames = new HashMap<>();
  private final Map<Name, List<LocalRecord>> byOwner = new LinkedHashMap<>();
  private final Map<Name, LocalZones.Zone> zones = new HashMap<>();
  private final Map<Name, LocalZones.Node> nodes = new LinkedHashMap<>();

  LocalZonesBuilder(List<LocalRecord> records, List<Name> zones) {
    this.records = records;
    zones.forEach(zone -> zoneNames.put(zone, zone));
    tops.addAll(zones);
  }

  LocalZones build() {
    for (LocalRecord record : records) {
      Name owner = record.record().getName();
      byOwner.computeIfAbsent(owner, n -> new ArrayList<>()).add(record);
      if (owner.isWild()) {
        tops.add(parent(owner));
      }
    }
    for (Name zone : zoneNames.keySet()) {
      byOwner.computeIfAbsent(zone, n -> new ArrayList<>());
      zones.put(zone, zone(zone));
    }
    for (Name owner : List.copyOf(byOwner.keySet())) {
      Name name = owner;
      while (isBelowTop(name)) {
        name = parent(name);
        byOwner.computeIfAbsent(name, n -> new ArrayList<>());
      }
    }
    List<Map.Entry<byte[], LocalZones.Node>> entries = new ArrayList<>();
    for (Name name : byOwner.keySet()) {
      entries.add(Map.entry(name.toWire(), node(name)));
    }
    return new LocalZones(new SuffixMap<>(entries));
  }

  private LocalZones.Node node(Name name) {
    LocalZones.Node known = nodes.get(name);
    if (known != null) {
      return known;
    }
    Name wildcard = child(name);
    LocalZones.Node node =
        new LocalZones.Node(
            name.length(),
            zoneOf(name),
            rrsets(name),
            alias(name),
            wildcard != null && byOwner.containsKey(wildcard) ? node(wildcard) : null);
    nodes.put(name, node);
    return node;
  }

  private Map<Integer, LocalImage.Rrset> rrsets(Name name) {
    Map<Integer, LocalImage.Rrset> rrsets = new HashMap<>();
    for (LocalRecord text : owned(name)) {
      Record record = text.record();
      LocalImage.Rrset one =
          new LocalImage.Rrset(
              record.getType(),
              (int) record.getTTL(),
              new ArrayList<>(List.of(LocalImage.dataOf(record))));
      LocalImage.Rrset all = rrsets.merge(one.type(), one, LocalZonesBuilder::joined);
      refuseWhatDoesNotGoTogether(text, all, rrsets);
    }
    rrsets.values().forEach(rrset -> refuseWhatIsTooLarge(name, rrset));
    LocalZones.Zone zone = zones.get(name);
    if (zone != null) {
      rrsets.putIfAbsent(Type.SOA, zone.soa());
    }
    return rrsets;
  }

  /** An RRset has one TTL, the lowest (RFC 2181 section 5.2). */
  private static LocalImage.Rrset joined(LocalImage.Rrset before, LocalImage.Rrset more) {
    before.data().addAll(more.data());
    return new LocalImage.Rrset(before.type(), Math.min(before.ttl(), more.ttl()), before.data());
  }

  private static void refuseWhatDoesNotGoTogether(
      LocalRecord text, LocalImage.Rrset all, Map<Integer, LocalImage.Rrset> rrsets) {
    boolean alias = rrsets.containsKey(Type.CNAME);
    if (alias && (rrsets.size() > 1 || all.data().size() > 1)) {
      throw wrong(text, "a CNAME stands alone at its name (RFC 2181 section 10.1)");
    }
    if (all.type() == Type.SOA && all.data().size() > 1) {
      throw wrong(text, "a zone has one SOA");
    }
  }

  private static void refuseWhatIsTooLarge(Name name, LocalImage.Rrset rrset) {
    try {
      new LocalImage().answer(null, rrset).build();
    } catch (IllegalArgumentException e) {
      throw new SettingException(
          "records",
          rrset.data().size() + " of " + name + " " + Type.string(rrset.type()),
          "no more of one name and type than fit into a message");
    }
  }

  private static SettingException wrong(LocalRecord text, String reason) {
    String written = '"' + text.text() + '"';
    return new SettingException(
        "records", written, "records without " + written + ", for " + reason);
  }

  private @Nullable Name alias(Name name) {
    for (LocalRecord text : owned(name)) {
      if (text.record() instanceof CNAMERecord alias) {
        return alias.getTarget();
      }
    }
    return null;
  }

  private LocalZones.Zone zone(Name name) {
    LocalImage.Rrset soa = LocalImage.soa(name.toWire(), Negatives.CHANGING);
    for (LocalRecord text : owned(name)) {
      if (text.record() instanceof SOARecord own) {
        // RFC 2308 section 3.
        int ttl = (int) Math.min(own.getTTL(), own.getMinimum());
        soa = LocalImage.Rrset.of(Type.SOA, ttl, LocalImage.dataOf(own));
      }
    }
    String why = "from the zone " + name + " in local.zones of the settings";
    return new LocalZones.Zone(name, soa, new ExtendedError(ExtendedError.OTHER, why));
  }

  private LocalZones.@Nullable Zone zoneOf(Name name) {
    for (Name above = name; ; above = parent(above)) {
      LocalZones.Zone zone = zones.get(above);
      if (zone != null || above.equals(Name.root)) {
        return zone;
      }
    }
  }

  private boolean isBelowTop(Name name) {
    Name above = name;
    while (!above.equals(Name.root)) {
      above = parent(above);
      if (tops.contains(above)) {
        return true;
      }
    }
    return false;
  }

  private List<LocalRecord> owned(Name name) {
    return byOwner.getOrDefault(name, List.of());
  }

  private static Name parent(Name name) {
    return new Name(name, 1);
  }

  /** The wildcard right below a name; null where that would be too long. */
  private static @Nullable Name child(Name name) {
    try {
      return Name.concatenate(Name.fromConstantString("*"), name);
    } catch (org.xbill.DNS.NameTooLongException e) {
      return null;
    }
  }
}
