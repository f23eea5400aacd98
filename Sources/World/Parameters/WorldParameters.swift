package import Scoring

/// Every figure of the world.
///
/// The structure below is the same for every seed; a seed draws what happens in it. Figures are chosen, not fitted: orders of
/// magnitude follow the public sources named beside them, and failures are more frequent than a well-run service sees, so that
/// retries matter. They change only for a stated reason, together with `version`, and never to make a model or a policy look
/// better.
package struct WorldParameters: Sendable {
    /// Version of the world: the first character of every notification id of a dataset, in base 36.
    package static let version = 1

    /// Monday, 2026-01-05T00:00:00Z: the dataset begins here.
    package static let epoch = Timestamp(milliseconds: 1_767_571_200_000)

    // MARK: Incidents

    /// A provider answers almost nothing.
    ///
    /// Status pages of messaging providers: a few a quarter, one to three hours.
    package var outage = IncidentShape(
        quietHours: 14 * 24, onsetMinutes: 8, depthMinutes: 90, recoveryMinutes: 30, onsetAvailability: 0.55, depthAvailability: 0.03,
        recoveryAvailability: 0.7)
    /// A provider answers some: degraded performance, every week or so, hours long.
    package var brownOut = IncidentShape(
        quietHours: 8 * 24, onsetMinutes: 20, depthMinutes: 240, recoveryMinutes: 60, onsetAvailability: 0.85, depthAvailability: 0.55,
        recoveryAvailability: 0.88)
    /// One provider's way into one country is bad: carriers and peerings, half a day.
    package var regionalTrouble = IncidentShape(
        quietHours: 50 * 24, onsetMinutes: 30, depthMinutes: 10 * 60, recoveryMinutes: 90, onsetAvailability: 0.75, depthAvailability: 0.4,
        recoveryAvailability: 0.8)

    // MARK: Quality

    /// Standard deviation of the fixed affinity between a provider and a country, log-odds.
    package var affinityDeviation = 0.55
    /// Standard deviation of the slow drift, log-odds.
    package var driftDeviation = 0.35
    /// Log-odds taken from a provider's quality at the busiest hour of the day.
    package var busyHourLoss = 0.45
    /// The one abrupt change: a provider moves its platform, for the worse; log-odds.
    package var abruptChange = (provider: "sm-b", at: epoch + 19 * 86_400_000 + 10 * 3_600_000, shift: -1.1)
    /// Log-odds taken per further SMS segment of 153 characters (3GPP TS 23.040: 7 header octets a segment).
    package var segmentLoss = 0.18
    /// Mean time that a route fault lasts for a message.
    package var routeFaultMilliseconds = PerChannel<Int64>(email: 240_000, sms: 100_000, push: 45_000)
    /// Share of the time that a recipient's host or carrier is faulty, in a country of average infrastructure.
    package var hostFault = PerChannel(email: 0.035, sms: 0.04, push: 0.012)
    package var hostFaultMilliseconds = PerChannel<Int64>(email: 900_000, sms: 420_000, push: 120_000)
    /// Share of attempts that fail for no lasting reason.
    package var accident = 0.003
    /// Spread of latency: standard deviation of its natural logarithm.
    package var latencyDeviation = 0.45

    // MARK: Capacity

    /// Seconds of work that a provider's queue takes at most.
    package var queueSeconds = 90.0
    /// The least a queue takes, whatever the capacity.
    package var queueFloor = 20.0
    /// Share of the queue above which a provider begins to refuse (random early rejection, Floyd and Jacobson 1993).
    package var queueSoftShare = 0.5
    /// Longest wait that a full queue adds to an attempt's latency.
    package var queueWaitMilliseconds = 12_000.0
    /// Memory of the load estimate.
    package var loadMemoryMilliseconds = 600_000.0
    /// How long a load above the usual lasts, in the oracle's forecast.
    package var loadPersistenceMilliseconds = 7_200_000.0
    /// Attempts that a notification usually takes: what a provider is offered beyond first attempts.
    package var attemptsPerNotification = 1.5

    // MARK: Recipients

    /// Share of addresses that never work: a well-kept list bounces 0.3–0.5 %.
    package var invalidAddress = PerChannel(email: 0.003, sms: 0.003, push: 0.006)
    /// Share of addresses that refuse marketing for good (complaint, STOP, notifications off).
    package var blocked = PerChannel(email: 0.006, sms: 0.008, push: 0.01)
    /// Greylisting host: fails until this long after the first try (postgrey: 5 minutes; RFC 6647 section 5 recommends 1 minute to 24 h).
    package var greylistMinutes = 3.0...18.0
    /// Chance that a second provider's pool is unknown to a host that greylists.
    package var greylistOtherRoute = 0.5
    /// Share of mailboxes over quota, and for how long.
    package var mailboxFull = 0.012
    package var mailboxFullMilliseconds: Int64 = 40 * 3_600_000
    /// Share of the time that a recipient's host limits the frequency of messages to it.
    package var frequencyLimit = PerChannel(email: 0.014, sms: 0.01, push: 0.006)
    package var frequencyLimitMilliseconds: Int64 = 25 * 60_000
    /// Share of devices out of reach by local hour, 0 to 23.
    package var offlineByHour = PerChannel(
        email: [Double](repeating: 0, count: 24),
        sms: [
            0.20, 0.24, 0.27, 0.28, 0.27, 0.24, 0.16, 0.09, 0.06, 0.05, 0.04, 0.04, 0.04, 0.04, 0.04, 0.04, 0.05, 0.06, 0.06, 0.05, 0.05,
            0.08, 0.12, 0.16,
        ],
        push: [
            0.34, 0.40, 0.44, 0.46, 0.45, 0.40, 0.29, 0.17, 0.11, 0.09, 0.08, 0.08, 0.07, 0.08, 0.08, 0.08, 0.08, 0.10, 0.10, 0.08, 0.08,
            0.13, 0.19, 0.27,
        ])
    /// Factor on the share out of reach at weekends between 6 and 10 o'clock: people sleep longer.
    package var weekendMorning = 1.35
    package var offlineMilliseconds = PerChannel<Int64>(email: 1, sms: 50 * 60_000, push: 35 * 60_000)
    /// Half-width of the spread of personal clocks around the country's, minutes.
    package var chronotypeMinutes = 75.0

    // MARK: Content

    /// Share of messages that a content filter of strictness 1 takes for spam.
    package var spamFilter = PerTemplate(otp: 0.003, transactional: 0.008, alert: 0.012, marketing: 0.055)
    /// Multiple by channel: push platforms hardly look at content.
    package var spamFilterByChannel = PerChannel(email: 1.0, sms: 0.5, push: 0.15)
    package var spamFilterMilliseconds: Int64 = 30 * 3_600_000
    /// Share of messages that a carrier of strictness 1 filters (SMS only).
    package var carrierFilter = PerTemplate(otp: 0.006, transactional: 0.015, alert: 0.02, marketing: 0.09)
    package var carrierFilterMilliseconds: Int64 = 16 * 3_600_000

    // MARK: Traffic

    /// Notifications a day of the default density.
    package var notificationsPerDay = 2050.0
    /// Share of notifications by channel.
    package var channels = PerChannel(email: 0.45, sms: 0.25, push: 0.30)
    /// Share of templates within a channel.
    package var templates = PerChannel(
        email: PerTemplate(otp: 0.10, transactional: 0.40, alert: 0.10, marketing: 0.40),
        sms: PerTemplate(otp: 0.50, transactional: 0.25, alert: 0.15, marketing: 0.10),
        push: PerTemplate(otp: 0.05, transactional: 0.30, alert: 0.35, marketing: 0.30))
    /// Milliseconds from creation to expiry: codes live minutes, receipts a day; marketing has no expiry.
    package var lifetimeMilliseconds = PerTemplate<Int64?>(otp: 300_000, transactional: 86_400_000, alert: 7_200_000, marketing: nil)
    /// Median payload in bytes, and the standard deviation of its natural logarithm.
    package var payloadBytes = PerChannel(email: 24_000.0, sms: 130.0, push: 850.0)
    package var payloadDeviation = PerChannel(email: 0.9, sms: 0.55, push: 0.5)
    /// Factor on the payload by template.
    package var payloadByTemplate = PerTemplate(otp: 0.45, transactional: 1.0, alert: 0.7, marketing: 1.3)
    /// Relative activity by local hour, 0 to 23.
    package var activityByHour: [Double] = [
        0.25, 0.15, 0.10, 0.08, 0.10, 0.20, 0.45, 0.80, 1.20, 1.50, 1.60, 1.60, 1.55, 1.45, 1.45, 1.50, 1.55, 1.65, 1.75, 1.80, 1.65, 1.30,
        0.85, 0.50,
    ]
    package var weekendActivity = 0.75
    /// Marketing goes out only between these local hours.
    package var marketingHours = 8..<21
    /// Chance of a campaign or alarm burst in six hours, and its greatest multiple of the mean traffic.
    package var burstChance = 0.22
    package var burstFactor = 4.5
    package var burstMinutes = 12.0...45.0
    /// Recipients per notification of one day, within limits; each is written to again and again, some more than others.
    package var recipientsPerDailyNotification = 8.0
    package var recipients = 2000...200_000

    package init() {}
}
