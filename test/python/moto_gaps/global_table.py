"""AWS::DynamoDB::GlobalTable, which is created as a table of its region."""

from moto.core.common_models import CloudFormationModel
from moto.dynamodb.models.table import Table


class GlobalTable(CloudFormationModel):
    @staticmethod
    def cloudformation_name_type():
        return "TableName"

    @staticmethod
    def cloudformation_type():
        return "AWS::DynamoDB::GlobalTable"

    create_from_cloudformation_json = Table.create_from_cloudformation_json
    delete_from_cloudformation_json = Table.delete_from_cloudformation_json
