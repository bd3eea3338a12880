package resolver.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What stands between a connection and its client, who may stop reading. */
final class TcpPeer extends ChannelOutboundHandlerAdapter {
  private boolean reads = true;
  private @Nullable ChannelHandlerContext context;

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    this.context = context;
  }

  @Override
  public void flush(ChannelHandlerContext context) {
    if (reads) {
      context.flush();
    }
  }

  void stopReading() {
    reads = false;
  }

  /** Takes what was written so far, and nothing after it. */
  void takeSome() {
    Objects.requireNonNull(context).flush();
  }

  void readOn() {
    reads = true;
    takeSome();
  }
}
