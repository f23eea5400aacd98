internal import Glibc

/// The process's limit of open files, which is also that of its connections.
package enum FileDescriptors {
    /// Raises the limit as far as the system lets this process, and says what it is now.
    @discardableResult
    package static func raiseLimit() -> Int {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let wanted = rlimit(rlim_cur: limit.rlim_max, rlim_max: limit.rlim_max)
        var changed = wanted
        if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &changed) == 0 { limit = wanted }
        return Int(clamping: limit.rlim_cur)
    }
}
