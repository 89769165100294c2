from rag.reader.reading import Candidate as Candidate
from rag.reader.reading import Reader as Reader
from rag.reader.reading import Reading as Reading
