extension Double {
    /// Whether this many seconds are a time to run for: above 0 and at most 31 days, which every clock here can add.
    var isWithinAMonth: Bool { self > 0 && self <= 2_678_400 }
}
