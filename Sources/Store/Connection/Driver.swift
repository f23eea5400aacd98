internal import CMongoC
internal import Synchronization

#if canImport(Glibc)
internal import Glibc
#endif

/// The process-wide part of libmongoc: its start, and its log.
enum Driver {
    /// Starts the driver at the first use and takes its log over: a library returns errors and does not print.
    ///
    /// `mongoc_cleanup` is never called: other threads may still use the driver while the process ends.
    static let started: Void = {
        mongoc_init()
        mongoc_log_set_handler(
            { level, _, message, _ in
                guard let message, level.rawValue <= MONGOC_LOG_LEVEL_WARNING.rawValue else { return }
                Driver.heard.withLock { heard in
                    guard heard.thread == pthread_self() else { return }
                    heard.warning = heard.warning ?? String(cString: message)
                }
            }, nil)
    }()

    /// Only one thread listens at a time.
    private static let listening = Mutex(())
    private static let heard = Mutex((thread: pthread_t?.none, warning: String?.none))

    /// Runs `body` and returns the first warning that the driver logged on this thread meanwhile.
    ///
    /// The driver only *warns* of a URL option that it does not know, and then goes on without it.
    static func firstWarning(during body: () -> Void) -> String? {
        _ = started
        return listening.withLock { _ in
            heard.withLock { $0 = (pthread_self(), nil) }
            body()
            return heard.withLock { heard in
                defer { heard = (nil, nil) }
                return heard.warning
            }
        }
    }
}
