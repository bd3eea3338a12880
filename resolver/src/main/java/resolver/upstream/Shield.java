package resolver.upstream;

import io.netty.channel.ChannelPipeline;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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

  /** One that is made when it is first needed, so that nothing of it is loaded before. */
  static Shield onFirstUse(Supplier<Shield> maker) {
    return new Shield() {
      private @Nullable Shield made;

      @Override
      public CompletableFuture<Consumer<ChannelPipeline>> prepare(Server server) {
        return made().prepare(server);
      }

      private synchronized Shield made() {
        Shield ready = made;
        if (ready == null) {
          ready = maker.get();
          made = ready;
        }
        return ready;
      }
    };
  }
}
