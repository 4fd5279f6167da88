// What workerd has beyond the standard, for code of src that is type-checked here against Node's globals.
interface ReadableStreamBYOBReader {
  readAtLeast<View extends ArrayBufferView>(least: number, view: View): Promise<ReadableStreamReadResult<View>>;
}
