package resolver.cache;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import resolver.query.Question;
import resolver.selection.Routes;
import resolver.selection.Routes.Leg;

/**
 * The routes that the answers of a snapshot took, each as a digest, held against those in force: an
 * answer counts only where its question would take the same route again. Immutable.
 */
final class SnapshotRoutes {
  /** Octets of a digest; more than chance and a typing error need. */
  static final int DIGEST = 16;

  /** Enough for all spaces that there are. */
  private static final int MOST = 0xffff;

  private final Routes routes;
  private final List<byte[]> digests;
  private final Map<Leg, Integer> numbers = new HashMap<>();
  private final List<@Nullable Leg> legs = new ArrayList<>();

  private SnapshotRoutes(Routes routes, List<byte[]> digests) {
    this.routes = routes;
    this.digests = digests;
  }

  /** Those in force, for a snapshot that is about to be written. */
  static SnapshotRoutes of(Routes routes) {
    List<Leg> legs = routes.legs();
    SnapshotRoutes all = new SnapshotRoutes(routes, new ArrayList<>());
    MessageDigest sha = sha256();
    for (Leg leg : legs.subList(0, Math.min(MOST, legs.size()))) {
      all.numbers.put(leg, all.digests.size());
      all.digests.add(digest(sha, leg));
    }
    return all;
  }

  /** Those of a snapshot, beside the ones in force. */
  static SnapshotRoutes read(ByteBuffer in, Routes routes) {
    List<byte[]> digests = new ArrayList<>();
    for (int left = in.getShort() & 0xffff; left > 0; left--) {
      byte[] digest = new byte[DIGEST];
      in.get(digest);
      digests.add(digest);
    }
    return new SnapshotRoutes(routes, digests).under(routes);
  }

  /** The same snapshot's beside others in force. */
  SnapshotRoutes under(Routes routes) {
    SnapshotRoutes read = new SnapshotRoutes(routes, digests);
    MessageDigest sha = sha256();
    Map<ByteBuffer, Leg> now = new HashMap<>();
    routes.legs().forEach(leg -> now.put(ByteBuffer.wrap(digest(sha, leg)), leg));
    digests.forEach(digest -> read.legs.add(now.get(ByteBuffer.wrap(digest))));
    return read;
  }

  List<byte[]> digests() {
    return digests;
  }

  /**
   * The number of the route that a question took, or -1 where it is kept for a route that is gone.
   */
  int numberOf(Question question) {
    Leg leg = routes.of(question);
    boolean gone = question.space() != 0 && question.space() != leg.space();
    return gone ? -1 : numbers.getOrDefault(leg, -1);
  }

  /**
   * The question as it is asked now, or null where it takes another route.
   *
   * @param question of space 0
   * @throws IndexOutOfBoundsException where the snapshot has no such route
   */
  @Nullable Question asAskedNow(Question question, int route, boolean inSpace) {
    Leg leg = legs.get(route);
    if (leg == null) {
      return null;
    }
    if (inSpace) {
      return question.inSpace(leg.space());
    }
    return routes.of(question) == leg ? question : null;
  }

  private static byte[] digest(MessageDigest sha, Leg leg) {
    byte[] text = leg.route().toString().getBytes(StandardCharsets.UTF_8);
    return Arrays.copyOf(sha.digest(text), DIGEST);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new LinkageError("every Java has SHA-256", e);
    }
  }
}
