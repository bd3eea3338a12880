package resolver.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import resolver.cli.doctor.Prober;
import resolver.config.Flag;
import resolver.config.Settings;
import resolver.daemon.StartException;
import resolver.settings.Words;
import resolver.upstream.Server;
import resolver.upstream.ServerWords;

/** Asks plain servers by datagrams and streams of its own, encrypted ones by the pipeline. */
final class DoctorProber implements Prober {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** A look-up of the server's name and a handshake come before. */
  private static final Duration ENCRYPTED_PATIENCE = Duration.ofSeconds(6);

  private final Surroundings surroundings;
  private final @Nullable Path file;

  /**
   * A prober.
   *
   * @param file the settings that encrypted servers are asked by; null for the usual ones
   */
  DoctorProber(Surroundings surroundings, @Nullable Path file) {
    this.surroundings = surroundings;
    this.file = file;
  }

  @Override
  public Probed udp(Server server, Message query) {
    return plain(server, query, false);
  }

  @Override
  public Probed tcp(Server server, Message query) {
    return plain(server, query, true);
  }

  private static Probed plain(Server server, Message query, boolean tcp) {
    try {
      Reply.Received received = Exchange.ask(server.address(), query, tcp, PATIENCE);
      long millis = TimeUnit.NANOSECONDS.toMillis(received.nanos());
      return new Probed(received.message(), received.octets(), received.transport(), millis, "");
    } catch (NoReplyException e) {
      return none(e.why());
    }
  }

  @Override
  public Probed encrypted(Server server, Message query) {
    Flag alone = new Flag("doctor", "upstream.servers", List.of(ServerWords.format(server)));
    Settings settings = surroundings.settings().load(file, List.of(alone)).settings();
    try (InProcess local = surroundings.inProcess().open(settings)) {
      long start = System.nanoTime();
      Message response =
          local
              .resolver()
              .sendAsync(query)
              .toCompletableFuture()
              .get(ENCRYPTED_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      String failure = failureOf(response);
      return failure.isEmpty()
          ? new Probed(response, response.numBytes(), server.protocol().toString(), millis, "")
          : none(failure);
    } catch (TimeoutException e) {
      return none("silent for " + Words.duration(ENCRYPTED_PATIENCE));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        return none(String.valueOf(io.getMessage()));
      }
      throw new IllegalStateException(e.getCause());
    } catch (StartException e) {
      return none(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The pipeline tells by extended errors why it has no answer of a server. */
  private static String failureOf(Message response) {
    if (response.getRcode() == Rcode.NOERROR) {
      return "";
    }
    return Records.extendedErrors(response).stream()
        .map(Records::text)
        .filter(text -> !text.isEmpty())
        .findFirst()
        .orElse("");
  }

  private static Probed none(String problem) {
    return new Probed(null, 0, "", 0, problem);
  }
}
