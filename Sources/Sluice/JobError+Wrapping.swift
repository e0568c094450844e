// Errors of the stages become errors of the job where the job calls them.

func asJobError<Result: ~Copyable>(_ body: () throws(IngestError) -> Result) throws(JobError) -> Result {
    do throws(IngestError) { return try body() } catch { throw .input(error) }
}

func asJobError<Result: ~Copyable>(_ body: () throws(SinkError) -> Result) throws(JobError) -> Result {
    do throws(SinkError) { return try body() } catch { throw .output(error) }
}

func asJobError(_ body: () throws(EncoderError) -> Void) throws(JobError) {
    do throws(EncoderError) { try body() } catch { throw .encoder(error) }
}

func asJobError<Result: ~Copyable>(_ body: () throws(EncoderConfigError) -> Result) throws(JobError) -> Result {
    do throws(EncoderConfigError) { return try body() } catch { throw .config(error) }
}
