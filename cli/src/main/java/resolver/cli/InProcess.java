package resolver.cli;

import org.xbill.DNS.Resolver;
import resolver.config.Settings;
import resolver.daemon.LocalResolver;
import resolver.daemon.StartException;

/** The daemon's pipeline within this process, as far as the command needs it. */
interface InProcess extends AutoCloseable {
  /** How to start it. */
  interface Opener {
    InProcess open(Settings settings) throws StartException;
  }

  /** Takes questions and asks upstream servers. */
  Resolver resolver();

  /** Which upstream servers it asks, for the status line. */
  String describe();

  @Override
  void close();

  static InProcess open(Settings settings) throws StartException {
    LocalResolver local = LocalResolver.open(settings);
    return new InProcess() {
      @Override
      public Resolver resolver() {
        return local.asResolver();
      }

      @Override
      public String describe() {
        return local.describe();
      }

      @Override
      public void close() {
        local.close();
      }
    };
  }
}
