package resolver.query;

import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import resolver.query.QueryObserver.Outcome;
import resolver.wire.ExtendedError;

/**
 * One query of a client, and what became of it.
 *
 * @param startedAt when it came, in the ticker's nanoseconds
 * @param nanos how long its client had to wait, in nanoseconds
 * @param client who asked
 * @param transport how it came
 * @param question what was asked; null where that could not be read
 * @param outcome what the ledger counted it as
 * @param rcode the RCODE of the response, {@link #SILENCE} where there was none
 * @param errors what was told beside the RCODE
 * @param provenance where the answer comes from; null where it was made here
 * @param answers the records in the answer section
 * @param octets the length of the response; 0 where there was none
 */
public record SettledQuery(
    long startedAt,
    long nanos,
    InetSocketAddress client,
    Transport transport,
    @Nullable Question question,
    Outcome outcome,
    int rcode,
    List<ExtendedError> errors,
    @Nullable Provenance provenance,
    int answers,
    int octets) {
  /** In place of an RCODE: the client got no response. */
  public static final int SILENCE = -1;
}
