public import ArgumentParser
public import Batch
internal import Sluice

extension Trust: ExpressibleByArgument {}

extension JobRecord: ExpressibleByArgument {
    /// Reads the object that a batch gives its jobs along.
    public init?(argument: String) {
        guard let record = try? JSON.decode(JobRecord.self, from: Array(argument.utf8)) else { return nil }
        self = record
    }
}
