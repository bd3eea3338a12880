package resolver.upstream;

import io.netty.channel.ChannelPipeline;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Makes connections to servers confidential, and sure of whom they lead to. */
interface Shield {
  /** What is fired through the pipeline when the server has proven who it is. */
  Object READY = new Object();

  /**
   * Gets ready for a connection, which may take long the first time.
   *
   * @return what puts handlers into a new pipeline. They fire {@link #READY} when it is time to
   *     send, or a {@link StreamFailure} as an exception. Ends on any thread; fails with a {@link
   *     StreamFailure}.
   */
  CompletableFuture<Consumer<ChannelPipeline>> prepare(Server server);
}
