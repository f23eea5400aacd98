internal import Foundation

/// What the kernel knows of this process, under the names that every Prometheus client gives it.
package enum ProcessMetrics {
    /// Found now, in /proc; what cannot be read there is left out.
    package static func families() -> [MetricFamily] {
        var families: [MetricFamily] = []
        func add(_ name: String, _ kind: MetricKind, _ help: String, _ value: Double?) {
            if let value { families.append(MetricFamily(name, kind, help, value)) }
        }
        let statistics = Statistics()
        add("process_cpu_seconds_total", .counter, "Total user and system CPU time spent in seconds.", statistics?.cpuSeconds)
        add("process_resident_memory_bytes", .gauge, "Resident memory size in bytes.", statistics?.residentBytes)
        add("process_virtual_memory_bytes", .gauge, "Virtual memory size in bytes.", statistics?.virtualBytes)
        add("process_start_time_seconds", .gauge, "Start time of the process since unix epoch in seconds.", statistics?.startSeconds)
        add("process_open_fds", .gauge, "Number of open file descriptors.", openFileCount())
        add("process_max_fds", .gauge, "Maximum number of open file descriptors.", maximumFileCount())
        return families
    }

    /// From /proc/self/stat and /proc/stat: proc(5).
    private struct Statistics {
        var cpuSeconds: Double
        var residentBytes: Double
        var virtualBytes: Double
        var startSeconds: Double?

        init?() {
            // Behind the name, which may hold anything, in parentheses; the third field comes first.
            guard let text = ProcessMetrics.text("/proc/self/stat"), let end = text.lastIndex(of: ")") else { return nil }
            let fields = text[text.index(after: end)...].split(separator: " ")
            func field(_ number: Int) -> Double? { fields.indices.contains(number - 3) ? Double(fields[number - 3]) : nil }
            let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
            guard ticks > 0, let user = field(14), let system = field(15), let start = field(22), let size = field(23),
                let pages = field(24)
            else { return nil }
            cpuSeconds = (user + system) / ticks
            virtualBytes = size
            residentBytes = pages * Double(sysconf(Int32(_SC_PAGESIZE)))
            startSeconds = Self.bootSeconds.map { $0 + start / ticks }
        }

        private static let bootSeconds: Double? = ProcessMetrics.text("/proc/stat")?.split(separator: "\n")
            .first { $0.hasPrefix("btime ") }.flatMap { Double($0.dropFirst("btime ".count)) }
    }

    private static func openFileCount() -> Double? {
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Without `.`, `..` and the folder itself.
        return Double(max(0, count - 3))
    }

    private static func maximumFileCount() -> Double? {
        let name = "Max open files"
        let line = text("/proc/self/limits")?.split(separator: "\n").first { $0.hasPrefix(name) }
        let limit = line?.dropFirst(name.count).split(separator: " ").first
        return limit == "unlimited" ? .infinity : limit.flatMap { Double($0) }
    }

    private static func text(_ path: String) -> String? {
        // What cannot be read (another system, a hardened container) is left out of the metrics, as is usual for them.
        try? String(contentsOfFile: path, encoding: .utf8)
    }
}
