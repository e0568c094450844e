internal import Sluice

extension Failure {
    static func asFailure<Value>(_ body: () throws(JobError) -> Value) throws(Failure) -> Value {
        do throws(JobError) { return try body() } catch { throw Failure(error) }
    }
}
