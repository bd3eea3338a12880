package resolver.upstream;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import resolver.clock.Ticker;

/**
 * TLS 1.3, or 1.2, with servers that must prove who they are (RFC 8310 section 5, strict profile).
 *
 * <p>One context for each way to trust, made when it is first needed and away from the event loops,
 * for reading Java's trusted certificates takes long. Connections that share a context resume each
 * other's sessions. Any thread may call.
 */
final class TlsShield implements Shield {
  static final long HANDSHAKE_MILLIS = 3000;

  private static final Logger LOG = LoggerFactory.getLogger(TlsShield.class);
  private static final String NO_FILE = "Put the right file in upstream.tls-ca, or \"\".";

  private final Map<Trust, CompletableFuture<SslContext>> contexts = new ConcurrentHashMap<>();
  private final String authorities;
  private final Executor offLoop;
  private final Ticker ticker;
  private final Supplier<SslContextBuilder> builders;
  private final AtomicBoolean toldOfDefect = new AtomicBoolean();

  /** What connections must have in common to share a context. */
  private record Trust(List<String> pins, boolean http) {}

  /**
   * TLS that was not used yet.
   *
   * @param authorities a PEM file with the certificates of those who are trusted to vouch for
   *     servers; empty for those that Java trusts
   * @param offLoop where handshakes do what takes long
   */
  TlsShield(String authorities, Executor offLoop, Ticker ticker) {
    this(authorities, offLoop, ticker, SslContextBuilder::forClient);
  }

  /** One with builders of one's own, for tests. */
  TlsShield(
      String authorities, Executor offLoop, Ticker ticker, Supplier<SslContextBuilder> builders) {
    this.authorities = authorities;
    this.offLoop = offLoop;
    this.ticker = ticker;
    this.builders = builders;
  }

  @Override
  public CompletableFuture<Consumer<ChannelPipeline>> prepare(Server server) {
    boolean http = server.protocol() == Server.Protocol.HTTPS;
    return context(new Trust(server.pins(), http))
        .thenApply(context -> pipeline -> install(pipeline, context, server));
  }

  private void install(ChannelPipeline pipeline, SslContext context, Server server) {
    SslHandler tls =
        context.newHandler(
            pipeline.channel().alloc(), server.identity(), server.address().getPort(), offLoop);
    tls.setHandshakeTimeoutMillis(HANDSHAKE_MILLIS);
    pipeline.addLast(tls).addLast(new TlsGate(tls, server));
  }

  private CompletableFuture<SslContext> context(Trust trust) {
    CompletableFuture<SslContext> made = new CompletableFuture<>();
    CompletableFuture<SslContext> before = contexts.putIfAbsent(trust, made);
    if (before != null) {
      return before;
    }
    // What has failed is tried anew by the next connection: a file can be put right.
    made.exceptionally(
        thrown -> {
          contexts.remove(trust, made);
          return null;
        });
    try {
      offLoop.execute(() -> make(trust, made));
    } catch (RejectedExecutionException e) {
      made.completeExceptionally(
          new StreamFailure("too much work is waiting for it", "It is tried again."));
    } catch (Error e) {
      fail(made, e);
    }
    return made;
  }

  private void make(Trust trust, CompletableFuture<SslContext> made) {
    try {
      SslContext context = newContext(trust);
      warmUp(context);
      made.complete(context);
    } catch (StreamFailure e) {
      made.completeExceptionally(e);
    } catch (IOException | GeneralSecurityException | RuntimeException | Error e) {
      fail(made, e);
    }
  }

  /** Whatever it was: who waits for what never ends waits for ever, as do all that come later. */
  private void fail(CompletableFuture<SslContext> made, Throwable thrown) {
    made.completeExceptionally(
        new StreamFailure("TLS cannot be used: " + thrown, "This Java may lack a part."));
    if (thrown instanceof Error && toldOfDefect.compareAndSet(false, true)) {
      LOG.error("making a TLS context threw; it is tried again when it is needed", thrown);
    }
  }

  private SslContext newContext(Trust trust)
      throws IOException, GeneralSecurityException, StreamFailure {
    boolean pinned = !trust.pins.isEmpty();
    SslContextBuilder builder =
        builders
            .get()
            .sslProvider(SslProvider.JDK)
            .protocols("TLSv1.3", "TLSv1.2")
            .trustManager(pinned ? new PinTrust(trust.pins) : authorityTrust())
            .endpointIdentificationAlgorithm(pinned ? null : "HTTPS");
    if (trust.http) {
      builder.applicationProtocolConfig(
          new ApplicationProtocolConfig(
              ApplicationProtocolConfig.Protocol.ALPN,
              ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
              ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
              ApplicationProtocolNames.HTTP_2));
    }
    return builder.build();
  }

  /** The first greeting loads classes and seeds generators: better here than on an event loop. */
  private static void warmUp(SslContext context) throws SSLException {
    SSLEngine engine = context.newEngine(ByteBufAllocator.DEFAULT);
    engine.beginHandshake();
    engine.wrap(
        ByteBuffer.allocate(0), ByteBuffer.allocate(engine.getSession().getPacketBufferSize()));
    engine.closeOutbound();
  }

  private TrustManager authorityTrust()
      throws IOException, GeneralSecurityException, StreamFailure {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(authorities.isEmpty() ? null : storeOf(Path.of(authorities)));
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager extended) {
        return new AuthorityTrust(extended, () -> Instant.ofEpochMilli(ticker.wallMillis()));
      }
    }
    throw new GeneralSecurityException("no X.509 in " + factory.getProvider());
  }

  private static KeyStore storeOf(Path file)
      throws IOException, GeneralSecurityException, StreamFailure {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (Certificate each : read(file)) {
      store.setCertificateEntry("authority" + number++, each);
    }
    return store;
  }

  private static Collection<? extends Certificate> read(Path file) throws StreamFailure {
    String why;
    try (InputStream in = Files.newInputStream(file)) {
      var certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (!certificates.isEmpty()) {
        return certificates;
      }
      why = " has no certificate in it (expected: PEM)";
    } catch (NoSuchFileException e) {
      why = " does not exist";
    } catch (IOException e) {
      why = " cannot be read: " + e.getMessage();
    } catch (CertificateException e) {
      why = " is no file of certificates (expected: PEM): " + e.getMessage();
    }
    throw new StreamFailure("upstream.tls-ca: " + file + why, NO_FILE);
  }
}
