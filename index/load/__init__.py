from index.load.archive import parts_of as parts_of
from index.load.files import find_files as find_files
from index.load.files import read_file as read_file
from index.load.files import read_parts as read_parts
from index.load.sandbox import load_document as load_document
